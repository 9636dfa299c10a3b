"""What training and pretraining share: checkpoints, precision, schedules."""
