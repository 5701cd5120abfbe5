/** The file in which the programs of Postgres look for a password: HOST:PORT:DATABASE:ROLE:PASSWORD in each line. */

/** What a connection is to. */
export interface PasswordFor {
  readonly host: string
  readonly port: string
  readonly database: string
  readonly role: string
}

const fieldCount = 5

/** Splits at colons, of which the password may have more. A backslash takes the next character as it is. */
const fieldsOf = (line: string): ReadonlyArray<string> => {
  const fields: Array<string> = []
  let field = ""
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === ":" && fields.length < fieldCount - 1) {
      fields.push(field)
      field = ""
    } else if (character === "\\" && at + 1 < line.length) field += line.charAt(++at)
    else field += character
  }
  return [...fields, field]
}

/** The password in the first line that fits. `*` fits everything. */
export const passwordIn = (text: string, { database, host, port, role }: PasswordFor): string | undefined => {
  const wanted = [host, port, database, role]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue
    const fields = fieldsOf(line)
    if (fields.length === fieldCount && wanted.every((one, index) => fields[index] === "*" || fields[index] === one)) {
      return fields.at(-1)
    }
  }
  return undefined
}
