/** The URL without its query, in which the SDKs put a shared access signature. */
export const publicUrl = (url: string): string => url.replace(/\?.*$/s, "")
