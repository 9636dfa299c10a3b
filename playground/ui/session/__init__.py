"""What is known of one visitor while the page is open."""
