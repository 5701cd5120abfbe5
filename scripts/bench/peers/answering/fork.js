/** Answers over the channel that child_process.fork opens. */
import { answerOf, checkLarge } from "../../work/Read.ts"

process.on("message", ({ id, properties, request }) => {
  process.send({ id, answer: properties === undefined ? answerOf(request) : checkLarge(properties) })
})
process.on("disconnect", () => process.exit(0))
