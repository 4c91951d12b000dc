"""What is done with a million rows at once: by statements over sets of them, never one by one."""
