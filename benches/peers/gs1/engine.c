/* The few functions by which the comparison calls the official engine. They read its private structure for what its
 * interface does not tell: error numbers, and the elements as they were found. */
#include <stdio.h>
#include <string.h>
#include "enc-private.h"

gs1_encoder *peer_new(const char *dictionary) {
	char message[512] = "";
	gs1_encoder_init_opts_t options = {
		.struct_size = sizeof options,
		.flags = gs1_encoder_iNO_EMBEDDED,
		.msgBuf = message,
		.msgBufSize = sizeof message,
		.syntaxDictionary = dictionary,
	};
	gs1_encoder *ctx = gs1_encoder_init_ex(NULL, &options);
	if (!ctx)
		fprintf(stderr, "the engine does not take the dictionary: %s\n", message);
	return ctx;
}

void peer_rules(gs1_encoder *ctx, bool unknown_ais, bool short_gtins, bool required_ais) {
	gs1_encoder_setPermitUnknownAIs(ctx, unknown_ais);
	gs1_encoder_setPermitZeroSuppressedGTINinDLuris(ctx, short_gtins);
	gs1_encoder_setValidationEnabled(ctx, gs1_encoder_vREQUISITE_AIS, required_ais);
}

/* 0 scan data, 1 bracketed, 2 URI */
bool peer_set(gs1_encoder *ctx, int mode, char *data) {
	ctx->numAIs = 0;
	ctx->numSortedAIs = 0;
	if (mode == 0)
		return gs1_encoder_setScanData(ctx, data);
	return mode == 1 ? gs1_encoder_setAIdataStr(ctx, data) : gs1_encoder_setDataStr(ctx, data);
}

int peer_error(gs1_encoder *ctx) { return ctx->err; }
int peer_linter_error(gs1_encoder *ctx) { return ctx->linterErr; }
const char *peer_markup(gs1_encoder *ctx) { return ctx->linterErrMarkup; }
const char *peer_bracketed(gs1_encoder *ctx) { return gs1_encoder_getAIdataStr(ctx); }
const char *peer_link(gs1_encoder *ctx, const char *stem) { return gs1_encoder_getDLuri(ctx, stem); }
const char *peer_data(gs1_encoder *ctx) { return ctx->dataStr; }
int peer_count(gs1_encoder *ctx) { return ctx->numAIs; }

bool peer_element(gs1_encoder *ctx, int n, const char **ai, int *ai_len, const char **value, int *value_len) {
	const struct aiValue *element = &ctx->aiData[n];
	*ai = element->ai;
	*ai_len = element->ailen;
	*value = element->value;
	*value_len = element->vallen;
	return element->kind == aiValue_aival;
}
