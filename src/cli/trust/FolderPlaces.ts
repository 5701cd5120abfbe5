/** Where a folder has what it supplies. */

export const pluginsIn = ".formae/plugins"

export const stateIn = ".formae/state.db"
