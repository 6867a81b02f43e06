/* A device behind the SKF interface (GM/T 0016-2012), for tests: its SM2 key is a PEM file, OpenSSL signs.
 *
 * SKF_FOLDER holds `key.pem`, `sign.der` (the certificate for signing), perhaps `encrypt.der`; `control` (read at every
 * call), `calls` (one function name a line is appended), `wrong` (count of wrong PINs). The PIN is SKF_PIN, six tries.
 * Lines of `control`:
 *   SKF_ECCSignData 0x0A000023   answer this SAR instead
 *   SKF_ECCSignData crash        abort;  hang: sleep for ever;  wrong: a signature of something else
 *   SKF_ECCSignData once crash   do it, and remove the control file first
 *   empty                        no device is there
 *   no-pin-info                  SKF_GetPINInfo is not supported
 *   other-key                    SKF_ExportPublicKey gives another key than the certificate's
 * The PIN that was verified is never written anywhere.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/core_names.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint32_t ULONG;
typedef int32_t BOOL;
typedef unsigned char BYTE;
typedef void *HANDLE;
typedef struct { ULONG bits; BYTE x[64], y[64]; } PublicBlob;
typedef struct { BYTE r[64], s[64]; } SignatureBlob;
enum { FAIL = 0x0A000001, UNSUPPORTED = 0x0A000003, INVALID_HANDLE = 0x0A000005, NO_CERTIFICATE = 0x0A00001C,
       TOO_SMALL = 0x0A000020, REMOVED = 0x0A000023, PIN_INCORRECT = 0x0A000024, PIN_LOCKED = 0x0A000025,
       NOT_LOGGED_IN = 0x0A00002D, TRIES = 6 };
static const char APPLICATION[] = "\xC9\xE7\xB1\xA3"; /* 社保 in GBK */
static char DEVICE, APP, CONTAINER; /* their addresses are the handles */
static int logged_in;

static FILE *file(const char *name, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("SKF_FOLDER"), name);
    return fopen(path, mode);
}

static int control(const char *key, char *value) { /* the rest of the line that starts with key */
    char line[256];
    int found = 0;
    FILE *f = file("control", "r");
    while (f && !found && fgets(line, sizeof line, f)) {
        size_t n = strlen(key);
        line[strcspn(line, "\n")] = 0;
        if (!strncmp(line, key, n) && (line[n] == ' ' || !line[n])) {
            strcpy(value, line[n] ? line + n + 1 : "");
            found = 1;
        }
    }
    if (f) fclose(f);
    return found;
}

static ULONG injected(const char *name, int *wrong) {
    char value[256], *what = value;
    FILE *f = file("calls", "a");
    if (f) { fprintf(f, "%s\n", name); fclose(f); }
    if (control("empty", value)) return REMOVED;
    if (!control(name, value)) return 0;
    if (!strncmp(what, "once ", 5)) {
        char path[4096];
        what += 5;
        snprintf(path, sizeof path, "%s/control", getenv("SKF_FOLDER"));
        unlink(path);
    }
    if (!strcmp(what, "crash")) abort();
    if (!strcmp(what, "hang")) for (;;) pause();
    if (!strcmp(what, "wrong") && wrong) { *wrong = 1; return 0; }
    return strtoul(what, NULL, 0);
}
#define ENTER(wrong) { ULONG injected_ = injected(__func__, wrong); if (injected_) return injected_; }

static ULONG give(const void *data, ULONG size, void *out, ULONG *room) {
    ULONG had = *room;
    *room = size;
    if (!out) return 0;
    if (had < size) return TOO_SMALL;
    memcpy(out, data, size);
    return 0;
}

static ULONG give_name(const char *name, char *out, ULONG *room) { /* a list of one: it ends with two zero bytes */
    char list[64] = {0};
    strcpy(list, name);
    return give(list, strlen(name) + 2, out, room);
}

static ULONG wrong_so_far(void) {
    ULONG n = 0;
    FILE *f = file("wrong", "r");
    if (f) { if (fscanf(f, "%u", &n) != 1) n = 0; fclose(f); }
    return n;
}

static void count_wrong(ULONG n) {
    FILE *f = file("wrong", "w");
    if (f) { fprintf(f, "%u", n); fclose(f); }
}

static EVP_PKEY *key(void) {
    FILE *f = file("key.pem", "r");
    EVP_PKEY *found = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    if (f) fclose(f);
    return found;
}

ULONG SKF_EnumDev(BOOL present, char *names, ULONG *size) {
    char value[256];
    if (control("empty", value)) { *size = 0; return 0; }
    ENTER(NULL);
    return give_name("GM3000 1", names, size);
}

ULONG SKF_ConnectDev(char *name, HANDLE *device) {
    ENTER(NULL);
    if (strcmp(name, "GM3000 1")) return FAIL;
    *device = &DEVICE;
    return 0;
}

ULONG SKF_DisConnectDev(HANDLE device) { logged_in = 0; return device == &DEVICE ? 0 : INVALID_HANDLE; }

ULONG SKF_GetDevInfo(HANDLE device, BYTE *info) { /* version, manufacturer, issuer, label, serial number */
    ENTER(NULL);
    memset(info, 0, 300);
    info[0] = 1;
    memcpy(info + 2 + 64 + 64, "\xB9\xFA\xC3\xDC\xC3\xDC\xD4\xBF", 8); /* 国密密钥 in GBK */
    strcpy((char *) info + 2 + 64 + 64 + 32, "GM0001");
    return 0;
}

ULONG SKF_EnumApplication(HANDLE device, char *names, ULONG *size) { ENTER(NULL); return give_name(APPLICATION, names, size); }

ULONG SKF_OpenApplication(HANDLE device, char *name, HANDLE *application) {
    ENTER(NULL);
    if (strcmp(name, APPLICATION)) return 0x0A00002E;
    *application = &APP;
    return 0;
}

ULONG SKF_CloseApplication(HANDLE application) { return application == &APP ? 0 : INVALID_HANDLE; }

ULONG SKF_GetPINInfo(HANDLE application, ULONG kind, ULONG *most, ULONG *left, BOOL *unchanged) {
    char value[256];
    ENTER(NULL);
    if (control("no-pin-info", value)) return UNSUPPORTED;
    *most = TRIES;
    *left = TRIES - wrong_so_far();
    *unchanged = 0;
    return kind == 1 ? 0 : FAIL;
}

ULONG SKF_VerifyPIN(HANDLE application, ULONG kind, char *pin, ULONG *left) {
    ENTER(NULL);
    ULONG wrong = wrong_so_far();
    *left = 0;
    if (wrong >= TRIES) return PIN_LOCKED;
    if (strcmp(pin, getenv("SKF_PIN"))) {
        count_wrong(wrong + 1);
        *left = TRIES - wrong - 1;
        return PIN_INCORRECT;
    }
    count_wrong(0);
    logged_in = 1;
    return 0;
}

ULONG SKF_EnumContainer(HANDLE application, char *names, ULONG *size) { ENTER(NULL); return give_name("UNIT", names, size); }

ULONG SKF_OpenContainer(HANDLE application, char *name, HANDLE *container) {
    ENTER(NULL);
    *container = &CONTAINER;
    return strcmp(name, "UNIT") ? FAIL : 0;
}

ULONG SKF_CloseContainer(HANDLE container) { return container == &CONTAINER ? 0 : INVALID_HANDLE; }

ULONG SKF_GetContainerType(HANDLE container, ULONG *type) { ENTER(NULL); *type = 2; return 0; }

ULONG SKF_ExportCertificate(HANDLE container, BOOL signing, BYTE *certificate, ULONG *size) {
    BYTE data[4096];
    ENTER(NULL);
    FILE *f = file(signing ? "sign.der" : "encrypt.der", "r");
    if (!f) return NO_CERTIFICATE;
    ULONG length = fread(data, 1, sizeof data, f);
    fclose(f);
    return give(data, length, certificate, size);
}

ULONG SKF_ExportPublicKey(HANDLE container, BOOL signing, BYTE *out, ULONG *size) {
    char value[256];
    PublicBlob blob = { 256, {0}, {0} };
    ENTER(NULL);
    EVP_PKEY *own = control("other-key", value) ? EVP_EC_gen("SM2") : key();
    BIGNUM *x = NULL, *y = NULL;
    if (!own || !EVP_PKEY_get_bn_param(own, OSSL_PKEY_PARAM_EC_PUB_X, &x) || !EVP_PKEY_get_bn_param(own, OSSL_PKEY_PARAM_EC_PUB_Y, &y))
        return FAIL;
    BN_bn2binpad(x, blob.x + 32, 32);
    BN_bn2binpad(y, blob.y + 32, 32);
    BN_free(x);
    BN_free(y);
    EVP_PKEY_free(own);
    return give(&blob, sizeof blob, out, size);
}

ULONG SKF_ECCSignData(HANDLE container, BYTE *data, ULONG size, SignatureBlob *out) {
    BYTE digest[32], der[128];
    size_t length = sizeof der;
    int wrong = 0, good = 0;
    ENTER(&wrong);
    if (!logged_in) return NOT_LOGGED_IN;
    if (size != 32) return 0x0A000010;
    memcpy(digest, data, 32);
    if (wrong) digest[0] ^= 1;
    EVP_PKEY *own = key();
    EVP_PKEY_CTX *context = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
    if (context && EVP_PKEY_sign_init(context) > 0 && EVP_PKEY_sign(context, der, &length, digest, 32) > 0) {
        const BYTE *start = der;
        ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &start, length);
        memset(out, 0, sizeof *out);
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), out->r + 32, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), out->s + 32, 32);
        ECDSA_SIG_free(signature);
        good = 1;
    }
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(own);
    return good ? 0 : FAIL;
}
