/** Node alone: says that it runs, and waits. */
process.stdout.write("ready\n")
process.stdin.resume()
