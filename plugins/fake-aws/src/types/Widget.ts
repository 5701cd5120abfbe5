/** FakeAWS::Legacy::Widget: its service accepts no tokens, so a repeated create makes a second widget. */
import { Property } from "formae/plugin"
import * as Schema from "effect/Schema"
import { cloudResource } from "../cloudResource.ts"
import { Tags } from "../Tags.ts"

export const Widget = cloudResource({
  type: "FakeAWS::Legacy::Widget",
  idempotency: "none",
  properties: Schema.Struct({
    Model: Property.createOnly(Schema.NonEmptyString),
    Size: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))),
    Tags,
    WidgetId: Property.output(Schema.String),
  }),
  nativeId: ({ id }) => `widget-${id}`,
  outputs: (nativeId) => ({ WidgetId: nativeId }),
})
