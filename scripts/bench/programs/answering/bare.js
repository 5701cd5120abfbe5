/** Node alone. Prints that it is ready, and waits. */
process.stdout.write("ready\n")
process.stdin.resume()
