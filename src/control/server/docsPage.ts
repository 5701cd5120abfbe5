/** A page that says what the API can do. It has no script, and loads nothing. */
import * as OpenApi from "effect/http-api/OpenApi"
import * as Predicate from "effect/Predicate"
import { ControlApi } from "../api/ControlApi.ts"

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

/** The page, in HTML. */
export const docsPage = (): string => {
  const { info, paths } = OpenApi.fromApi(ControlApi)
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const summary = Predicate.hasProperty(operation, "summary") ? String(operation.summary) : ""
      return `<tr><td>${method.toUpperCase()}</td><td><code>${escape(path)}</code></td><td>${escape(summary)}</td></tr>`
    }),
  )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(info.title)}</title></head>
<body>
<h1>${escape(info.title)}</h1>
<p>${escape(info.description ?? "")}</p>
<p>All requests, answers and errors are in <a href="/openapi.json">the OpenAPI document</a>.</p>
<table>
${rows.join("\n")}
</table>
</body>
</html>
`
}
