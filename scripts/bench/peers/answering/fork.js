/** Answers over the channel that child_process.fork opens. */
import { checkLargeProperties } from "../../work/LargeProperties.ts"
import { answerOf } from "../../work/Read.ts"

process.on("message", ({ id, properties, request }) => {
  process.send({ id, answer: properties === undefined ? answerOf(request) : checkLargeProperties(properties) })
})
process.on("disconnect", () => process.exit(0))
