"""Cases: taken in here or fed from a one-stop system; their steps, clocks, pauses and papers."""
