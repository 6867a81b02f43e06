"""What is printed or kept, as PDF."""
