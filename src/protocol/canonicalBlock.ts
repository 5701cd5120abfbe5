/** Blocks of addresses in CIDR notation, without the bits that mean nothing. */

const bitsOfV4 = (text: string): bigint | undefined => {
  const parts = text.split(".")
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n)
}

const groupsOf = (text: string): ReadonlyArray<string> => (text === "" ? [] : text.split(":"))

const bitsOfV6 = (text: string): bigint | undefined => {
  const halves = text.split("::")
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? "")
  const tail = groupsOf(halves[1] ?? "")
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((bits, group) => bits * 65_536n + BigInt(`0x${group}`), 0n)
}

const textOfV4 = (bits: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join(".")

const textOfV6 = (bits: bigint): string =>
  Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(16 * (7 - index))) & 65_535n).toString(16)).join(":")

/** The block with its host bits cleared: `10.9.0.0/16` for `10.9.0.5/16`. Text that is not a block is returned as it is. */
export const canonicalBlock = (text: string): string => {
  const found = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text.trim())
  if (found === null) return text
  const [, address = "", length = ""] = found
  const isV6 = address.includes(":")
  const size = isV6 ? 128 : 32
  const bits = isV6 ? bitsOfV6(address) : bitsOfV4(address)
  const prefix = Number(length)
  if (bits === undefined || prefix > size) return text
  const host = BigInt(size - prefix)
  const network = (bits >> host) << host
  return `${isV6 ? textOfV6(network) : textOfV4(network)}/${prefix}`
}
