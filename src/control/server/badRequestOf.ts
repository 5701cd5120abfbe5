/** What is wrong with a request that does not decode, with the place of each mistake. */
import type * as Schema from "effect/Schema"
import { locateIssues } from "../../protocol/Issue.ts"
import { BadRequest } from "../api/ApiFailure.ts"
import { schemaVersion } from "../api/version.ts"

/** The answer to a request whose part at `path` does not decode. */
export const badRequestOf =
  (path: ReadonlyArray<string>) =>
  ({ issue }: Schema.SchemaError): BadRequest => {
    const issues = locateIssues(issue)
      .slice(0, maxIssues)
      .map((one) => ({ message: one.message, path: [...path, ...one.path.map(toKey)] }))
    const words = issues.map((one) => `${one.path.join(".")}: ${one.message}`)
    return new BadRequest({ schemaVersion, code: "BadRequest", message: words.join("\n"), issues })
  }

/** More are not told. */
const maxIssues = 20

const toKey = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key)
