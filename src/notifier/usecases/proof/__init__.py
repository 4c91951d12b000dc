"""What the records are worth: verified, anchored, kept, brought back, and let go when their time is over."""
