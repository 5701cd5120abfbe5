/** What the API promises: a change of the fixture is a change for every client. Fields may be added, and none removed. */
import { assert, describe, expect, it } from "@effect/vitest"
import * as OpenApi from "effect/http-api/OpenApi"
import { ControlApi } from "../../src/control/api/ControlApi.ts"
import { docsPage } from "../../src/control/server/docsPage.ts"

describe("the OpenAPI document", () => {
  it("is as it was", async () => {
    await expect(`${JSON.stringify(OpenApi.fromApi(ControlApi), null, 2)}\n`).toMatchFileSnapshot(
      "../fixtures/api/openapi.json",
    )
  })

  it("has a page without scripts that names each endpoint", () => {
    const page = docsPage()
    for (const path of Object.keys(OpenApi.fromApi(ControlApi).paths)) assert.include(page, `<code>${path}</code>`)
    assert.notInclude(page, "<script")
  })
})
