/** A certificate that signs itself, written in DER: neither Node nor every machine has a program for that. */
import { generateKeyPairSync, sign } from "node:crypto"
import { isIP } from "node:net"

const der = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: ReadonlyArray<Uint8Array>) => der(0x30, ...parts)
const object = (hex: string) => der(0x06, Buffer.from(hex, "hex"))
const time = (year: number) => der(0x18, Buffer.from(`${year}0101000000Z`))

const ecdsaWithSha256 = sequence(object("2a8648ce3d040302"))
const commonName = object("550403")
const alternativeNames = object("551d11")
const basicConstraints = object("551d13")

/** Its certificate and its key, in PEM. It stands for these names and addresses, from 2020 to 2120. */
export const selfSigned = (...names: ReadonlyArray<string>): { readonly cert: string; readonly key: string } => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from("a test of formae")))))
  const alternatives = names.map((one) =>
    isIP(one) === 4 ? der(0x87, Buffer.from(one.split(".").map(Number))) : der(0x82, Buffer.from(one)),
  )
  const extensions = sequence(
    sequence(alternativeNames, der(0x04, sequence(...alternatives))),
    sequence(basicConstraints, der(0x04, sequence(der(0x01, Buffer.from([0xff]))))),
  )
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(2020), time(2120)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  )
  const signature = der(0x03, Buffer.from([0]), sign("sha256", signed, privateKey))
  const certificate = sequence(signed, ecdsaWithSha256, signature).toString("base64")
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.replaceAll(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  }
}
