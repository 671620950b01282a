"""Everything between a command and a running product: homes, preparation, training, and the processes watched."""
