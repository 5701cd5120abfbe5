import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { licenseIn, licenseSection, type Licensed } from "./Licensed.ts"

/** The terms of the package in `folder`. */
export const readLicensed = async (folder: string): Promise<Licensed> => {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const present = await readdir(folder)
  const read = (file: string) => readFile(join(folder, file), "utf8")
  const texts = await Promise.all(present.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map(read))
  const readme = present.find((file) => /^readme/i.test(file))
  const section = readme === undefined ? undefined : licenseSection(await read(readme))
  return {
    name: manifest.name,
    version: manifest.version,
    license: licenseIn(manifest) ?? section?.split("\n")[0],
    text: texts.length > 0 ? texts.map((text) => text.trim()).join("\n\n") : (section ?? ""),
  }
}
