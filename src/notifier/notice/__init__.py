"""What customers are told and who they are: messages, deliveries and their states, customers, the rules for sending."""
