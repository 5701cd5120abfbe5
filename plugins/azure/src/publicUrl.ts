/** The SDKs put a shared access signature behind each URL, where there is one. */
export const publicUrl = (url: string): string => url.replace(/\?.*$/s, "")
