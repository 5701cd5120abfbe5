/** What the clients of a load ask for: documents of FakeAWS, each wanted by several clients at once. */
import type { Properties } from "../../../src/protocol/Resource.ts"
import { formaOf, type Resources } from "../../agent/shop.ts"

/** How much load. */
export interface Load {
  readonly clients: number
  readonly documents: number
  /** In each document. A multiple of four. */
  readonly resources: number
  /** How often the documents change, and are applied by all clients again. */
  readonly rounds: number
}

/** A quarter of each: by name, by token, by tag, and one that is ready later. None that only a human could settle. */
const resourcesOf = (document: number, { resources }: Load, round: number): Resources =>
  Object.fromEntries(
    Array.from({ length: resources / 4 }, (_, index) => {
      const name = `d${document}-${index}`
      const Tags = [{ Key: "round", Value: String(round) }]
      return [
        [`bucket${index}`, ["FakeAWS::S3::Bucket", { BucketName: name, Tags }]],
        [`secret${index}`, ["FakeAWS::SecretsManager::Secret", { Name: name, SecretString: "s3cr3t" }]],
        [`web${index}`, ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro", Tags }]],
        [`net${index}`, ["FakeAWS::EC2::VPC", { CidrBlock: `10.${index}.0.0/16` }]],
      ] as ReadonlyArray<readonly [string, readonly [string, Properties]]>
    }).flat(),
  )

export const documentOf = (cloud: string, document: number, load: Load, round: number) =>
  formaOf(`d${document}`, { cloud, region: "eu-west-1", settleMillis: 50 }, resourcesOf(document, load, round))
