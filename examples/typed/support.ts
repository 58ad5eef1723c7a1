// Made from a pack by promptpack types. Change the pack, not this file.
import { definePack, type Pack, type PackData } from "promptpack";
import data from "../packs/customer-support.pack.json" with { type: "json" };

/** Customer Support: First-line support for an online shop: answers, looks orders up, hands over to people. */
export type CustomerSupportPack = {
  readonly prompts: {
    /** Answers customers and uses the order tools. */
    readonly support: {
      readonly variables: {
        /** The shop as customers know it. Default: "Lantern Books". */
        readonly company?: string;
        /** Default: "free". */
        readonly plan?: "free" | "plus" | "business";
        /** Default: "English". */
        readonly language?: string;
        /** Default: 6. */
        readonly max_sentences?: number;
      };
      readonly tools: "find_order" | "open_ticket";
    };
  };
  readonly tools: {
    /** Finds one order of the customer and returns its status and delivery date. */
    readonly find_order: {
      /** Two letters and six digits, such as LB-204518. */
      readonly order_number: string;
    };
    /** Hands the conversation over to a person of the support team. */
    readonly open_ticket: {
      /** The problem in one sentence. */
      readonly summary: string;
      readonly urgency: "low" | "normal" | "high";
    };
  };
  readonly states: {};
  readonly agents: never;
  readonly metrics: "support_helpful_tone";
};

const pack: Pack<CustomerSupportPack> = definePack(data as unknown as PackData) as unknown as Pack<CustomerSupportPack>;
export default pack;
