"""What the assistant is taught, and Rasa's extension points that make it hold no data between turns."""
