/** The first word of a command line that the script of a shell asks with. No help lists it. */
export const hiddenWord = "__complete"
