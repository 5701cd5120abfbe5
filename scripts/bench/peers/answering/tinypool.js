/** A worker of tinypool: one function for all calls. */
import { checkLargeProperties } from "../../work/LargeProperties.ts"
import { answerOf } from "../../work/Read.ts"

export default ({ properties, request }) => {
  if (properties !== undefined) return checkLargeProperties(properties)
  return request === undefined ? process.pid : answerOf(request)
}
