/** Whether the value is an object and not an array. The bare pipe loads no library for its checks. */
export const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
