/** Where a folder has what it supplies. */

/** The folder in it for all of that. */
export const formaeIn = ".formae"

export const pluginsIn = ".formae/plugins"

export const stateIn = ".formae/state.db"
