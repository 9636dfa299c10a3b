"""Every sentence for the eye, one file a tab: train.py and compare.py stand beside data.py."""
