"""What a unit does in any order: clerks, faults, time, two computers, checked against the centre after each step."""
