/** A worker of tinypool: one function for all that it is asked. */
import { answerOf, checkLarge } from "../../work/Read.ts"

export default ({ properties, request }) => {
  if (properties !== undefined) return checkLarge(properties)
  return request === undefined ? process.pid : answerOf(request)
}
