/* A PKCS#11 module with a vendor's SM2 mechanism, for tests: SoftHSM holds the objects, OpenSSL signs.
 *
 * SM2SHIM_MODULE is the real module, SM2SHIM_KEY the SM2 key in PEM, SM2SHIM_MECHANISM its number for C_SignInit.
 * SM2SHIM_FOLDER holds `control`, with one word: der (the answer in DER), wrong (a signature of something else), hang,
 * crash, removed, unlisted (the mechanism is not in the token's list). `calls` gets a line for each vendor signature.
 */
#include <dlfcn.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ULONG;
typedef struct { unsigned char version[2]; void *function[68]; } List;
typedef struct { ULONG mechanism; void *parameter; ULONG size; } Mechanism;
enum { GET_FUNCTION_LIST = 3, GET_MECHANISM_LIST = 7, SIGN_INIT = 42, SIGN = 43 };
enum { OK = 0, FUNCTION_FAILED = 6, DEVICE_REMOVED = 0x32, DATA_LEN_RANGE = 0x21 };

static List *real, shim;
static int active;

static ULONG number(void) { return strtoul(getenv("SM2SHIM_MECHANISM"), NULL, 0); }

static int told(const char *word) {
    char path[4096], found[64] = "";
    snprintf(path, sizeof path, "%s/control", getenv("SM2SHIM_FOLDER"));
    FILE *f = fopen(path, "r");
    if (f) { if (fscanf(f, "%63s", found) != 1) found[0] = 0; fclose(f); }
    return !strcmp(found, word);
}

static ULONG get_mechanism_list(ULONG slot, ULONG *list, ULONG *count) {
    ULONG rv = ((ULONG (*)(ULONG, ULONG *, ULONG *)) real->function[GET_MECHANISM_LIST])(slot, list, count);
    if (rv == OK && !told("unlisted")) {
        if (list) list[*count] = number();
        ++*count;
    }
    return rv;
}

static ULONG sign_init(ULONG session, Mechanism *mechanism, ULONG key) {
    active = mechanism->mechanism == number();
    if (active) return OK;
    return ((ULONG (*)(ULONG, Mechanism *, ULONG)) real->function[SIGN_INIT])(session, mechanism, key);
}

static ULONG by_openssl(unsigned char *digest, unsigned char *out, ULONG *length) {
    unsigned char der[128];
    size_t size = sizeof der;
    FILE *f = fopen(getenv("SM2SHIM_KEY"), "r");
    EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    if (f) fclose(f);
    if (!context || EVP_PKEY_sign_init(context) <= 0 || EVP_PKEY_sign(context, der, &size, digest, 32) <= 0)
        return FUNCTION_FAILED;
    if (told("der")) {
        memcpy(out, der, size);
        *length = size;
    } else {
        const unsigned char *start = der;
        ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &start, size);
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32);
        ECDSA_SIG_free(signature);
        *length = 64;
    }
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return OK;
}

static ULONG sign(ULONG session, unsigned char *data, ULONG size, unsigned char *out, ULONG *length) {
    unsigned char digest[32];
    char path[4096];
    if (!active) return ((ULONG (*)(ULONG, void *, ULONG, void *, ULONG *)) real->function[SIGN])(session, data, size, out, length);
    snprintf(path, sizeof path, "%s/calls", getenv("SM2SHIM_FOLDER"));
    FILE *f = fopen(path, "a");
    if (f) { fputs("sign\n", f); fclose(f); }
    if (told("hang")) for (;;) pause();
    if (told("crash")) abort();
    if (told("removed")) return DEVICE_REMOVED;
    if (size != 32) return DATA_LEN_RANGE;
    active = 0;
    memcpy(digest, data, 32);
    if (told("wrong")) digest[0] ^= 1;
    return by_openssl(digest, out, length);
}

ULONG C_GetFunctionList(List **list) {
    void *module = dlopen(getenv("SM2SHIM_MODULE"), RTLD_NOW | RTLD_LOCAL);
    ULONG (*get)(List **) = module ? (ULONG (*)(List **)) dlsym(module, "C_GetFunctionList") : NULL;
    if (!get || get(&real) != OK) return 5;
    shim = *real;
    shim.function[GET_FUNCTION_LIST] = C_GetFunctionList;
    shim.function[GET_MECHANISM_LIST] = get_mechanism_list;
    shim.function[SIGN_INIT] = sign_init;
    shim.function[SIGN] = sign;
    *list = &shim;
    return OK;
}
