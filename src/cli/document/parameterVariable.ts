/** The environment variable that gives a parameter its value. */
export const parameterVariable = (name: string): string => `FORMAE_PARAMETER_${name.toUpperCase().replaceAll("-", "_")}`
