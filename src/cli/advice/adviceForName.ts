/** What a user of the command can do where a document has no name of its own, or one that another document has. */
export const adviceForName = "--name gives a document a name for one command"
