"""What the pages say of what they measured: numbers to sentences, every branch true of what it was given. Pure."""
