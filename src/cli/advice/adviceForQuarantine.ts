/** How a user of the command ends the quarantine of a plugin. */
export const adviceForQuarantine = (plugin: string): string => `"formae plugins release ${plugin}" brings it back`
