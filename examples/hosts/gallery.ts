/** What the programs in this folder apply to FakeAWS, a cloud in a SQLite file: two buckets, one of which refers to the other. */
import { Forma } from "formae/agent"
import { FakeAWS } from "./FakeAWS.ts"

/** `behavior` says how long the cloud takes for each of them (`settleMillis`), and what goes wrong there (`faults`). */
export const makeGallery = (name: string, behavior: Pick<FakeAWS.Target, "faults" | "settleMillis"> = {}) => {
  const config = { cloud: "cloud.db", region: "us-east-1", ...behavior }
  const cloud = Forma.target(FakeAWS.S3.Bucket, { label: "cloud", config })
  const pictures = Forma.resource(FakeAWS.S3.Bucket, {
    label: "pictures",
    target: cloud,
    properties: { BucketName: `${name}-pictures` },
  })
  const logs = Forma.resource(FakeAWS.S3.Bucket, {
    label: "logs",
    target: cloud,
    properties: { BucketName: `${name}-logs`, Tags: [{ Key: "of", Value: pictures.ref("Arn") }] },
  })
  return Forma.make({ name, targets: [cloud], resources: [pictures, logs] })
}
