"""What the pages "Four decisions" and "What a number out of 100 means" are made from."""
