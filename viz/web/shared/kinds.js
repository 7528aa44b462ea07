// What the three kinds of attention are called, and their keys.

export const KIND_NAMES = {
  encoder_self: "encoder self-attention",
  decoder_self: "decoder self-attention",
  cross: "cross-attention",
};

export const KIND_TABS = { encoder_self: "Encoder self", decoder_self: "Decoder self", cross: "Cross" };
export const KIND_KEYS = { e: "encoder_self", d: "decoder_self", c: "cross" };
