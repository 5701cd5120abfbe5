/** The value that a record has under a key. A key such as `constructor` has an inherited value in every object, which is not meant. */
export const ownValue = <A>(record: { readonly [key: string]: A } | undefined, key: string): A | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
