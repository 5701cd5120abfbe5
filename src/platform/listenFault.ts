/** What Node calls the usual mistakes, in words. */
const words: ReadonlyMap<unknown, string> = new Map([
  ["EACCES", "this user may not listen there"],
  ["EADDRINUSE", "another process listens there already"],
  ["EADDRNOTAVAIL", "this machine has no such address"],
  ["ENOTFOUND", "the name of the host is not known"],
])

/** Why nobody can listen at an address or a socket. */
export const listenFault = (error: unknown): string =>
  error instanceof Error ? (words.get((error as NodeJS.ErrnoException).code) ?? error.message) : String(error)
