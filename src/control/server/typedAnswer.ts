/** What the router answers by itself, as an error of the API: a pure decision. */
import type { HttpRefusal } from "./HttpRefusal.ts"

/** The refusal in the place of an answer that is no error of the API. Undefined where the answer is sent as it is. */
export const refusalFor = (
  method: string,
  path: string,
  { contentType, status }: { readonly status: number; readonly contentType: string | null },
): HttpRefusal | undefined => {
  if (status < 400 || contentType?.startsWith("application/json") === true) return undefined
  if (status === 404 || status === 405) {
    return {
      status: 404,
      code: "NoSuchEndpoint",
      message: `There is no ${method} ${path}. /openapi.json has the paths and their methods`,
    }
  }
  if (status === 415) {
    return {
      status: 400,
      code: "BodyNotJson",
      message: "The body of the request is not said to be JSON. Send it as: Content-Type: application/json",
    }
  }
  if (status < 500) return { status: 400, code: "BadRequest", message: "The request is not one that the API takes" }
  return {
    status: 503,
    code: "Defect",
    message: "The agent has failed in a way that it does not know; its log says how",
  }
}
