"""What the models cost, at three sizes of company."""
