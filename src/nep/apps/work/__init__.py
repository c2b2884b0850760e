"""Work items of any origin: who does what until when, under which link. These rows are the inbox."""
