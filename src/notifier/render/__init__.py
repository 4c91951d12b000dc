"""Values → what people see: redlines, messages, the posted pages."""
