"""What is kept for the day on which somebody asks for proof, and read by nothing else."""
