/** The ids of the steps of a change. */
export const ensure = (label: string): string => `ensure:${label}`
export const remove = (label: string): string => `remove:${label}`
