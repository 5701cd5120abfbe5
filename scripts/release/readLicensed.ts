import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { licenseIn, type Licensed } from "./Licensed.ts"

/** The terms of the package in `folder`. */
export const readLicensed = async (folder: string): Promise<Licensed> => {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))
  return {
    name: manifest.name,
    version: manifest.version,
    license: licenseIn(manifest),
    text: texts.map((text) => text.trim()).join("\n\n"),
  }
}
