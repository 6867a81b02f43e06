/* A PKCS#11 module around another one, for tests: it injects what a real token does and SoftHSM never does.
 *
 * P11SHIM_PARAMS, if set, goes to C_Initialize as NSS wants it. P11SHIM_MODULE is the real module, P11SHIM_FOLDER holds `control` (read at every call), `calls` (one function name a
 * line is appended) and `wrong` (count of wrong PINs). Lines of `control`:
 *   C_Login 0xA4        return this CKR instead of calling the module
 *   C_Sign crash        abort the process;  hang: sleep for ever;  fork: the same, and leave a child behind
 *   C_Sign once crash   do it, and remove the control file first
 *   flags 0x20000       or these into CK_TOKEN_INFO.flags
 *   empty               no slot has a token
 *   stall 30            C_Sign waits so many seconds, then works
 *   C_Sign wrong        sign, and change one bit of the signature
 *   label c9cfbaa3      the token's label, in hex
 *   hide 0x3            no object has this attribute (0x3 is CKA_LABEL)
 *   other-id            certificates have another CKA_ID than their keys
 *   always              private keys have CKA_ALWAYS_AUTHENTICATE, and C_Sign wants a login for it
 *   pad 4711            what C_Login without a PIN enters on the device (CKF_PROTECTED_AUTHENTICATION_PATH)
 *   out-after-sign      the key logs itself out after each signature
 *   tries 3             lock after so many wrong PINs, with the PIN flags a card would show
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ULONG;
typedef struct { unsigned char version[2]; void *function[68]; } List;
typedef struct { ULONG type; void *value; ULONG size; } Attribute;
enum { INITIALIZE = 0, GET_FUNCTION_LIST = 3, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, LOGIN = 18, LOGOUT = 19,
       GET_ATTRIBUTE_VALUE = 24, SIGN = 43 };
enum { OK = 0, FUNCTION_FAILED = 6, ATTRIBUTE_TYPE_INVALID = 0x12, PIN_INCORRECT = 0xA0, PIN_LOCKED = 0xA4,
       NOT_LOGGED_IN = 0x101 };
enum { CLASS = 0, CERTIFICATE = 1, PRIVATE_KEY = 3, ID = 0x102, ALWAYS_AUTHENTICATE = 0x202, CONTEXT = 2 };
#define TOKEN_FLAGS_OFFSET 96

static List *real, shim;
static int fresh; /* a context-specific login since the last signature */

static FILE *file(const char *name, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("P11SHIM_FOLDER"), name);
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

static int injected(const char *name, ULONG *rv) {
    char value[256], *what = value;
    FILE *f = file("calls", "a");
    if (f) { fprintf(f, "%s\n", name); fclose(f); }
    if (!control(name, value)) return 0;
    if (!strcmp(what, "wrong")) return 0;
    if (!strncmp(what, "once ", 5)) {
        char path[4096];
        what += 5;
        snprintf(path, sizeof path, "%s/control", getenv("P11SHIM_FOLDER"));
        unlink(path);
    }
    if (!strcmp(what, "crash")) abort();
    if (!strcmp(what, "fork") && !fork()) { sleep(20); _exit(0); } /* a child that keeps the pipes open */
    if (!strcmp(what, "hang") || !strcmp(what, "fork")) for (;;) pause();
    *rv = strtoul(what, NULL, 0);
    return 1;
}

static ULONG wrong_so_far(void) {
    ULONG n = 0;
    FILE *f = file("wrong", "r");
    if (f) { if (fscanf(f, "%lu", &n) != 1) n = 0; fclose(f); }
    return n;
}

static void count_wrong(ULONG n) {
    FILE *f = file("wrong", "w");
    if (f) { fprintf(f, "%lu", n); fclose(f); }
}

static ULONG get_slot_list(unsigned char present, ULONG *slots, ULONG *count) {
    ULONG rv;
    char value[256];
    if (injected("C_GetSlotList", &rv)) return rv;
    if (present && control("empty", value)) { *count = 0; return OK; }
    return ((ULONG (*)(unsigned char, ULONG *, ULONG *)) real->function[GET_SLOT_LIST])(present, slots, count);
}

static ULONG get_token_info(ULONG slot, char *info) {
    ULONG rv;
    char value[256];
    if (injected("C_GetTokenInfo", &rv)) return rv;
    rv = ((ULONG (*)(ULONG, char *)) real->function[GET_TOKEN_INFO])(slot, info);
    ULONG *flags = (ULONG *) (info + TOKEN_FLAGS_OFFSET);
    if (rv == OK && control("label", value)) {
        memset(info, ' ', 32);
        for (int i = 0; i < 32 && value[2 * i]; i++) {
            unsigned byte;
            sscanf(value + 2 * i, "%2x", &byte);
            info[i] = (char) byte;
        }
    }
    if (rv == OK && control("flags", value)) *flags |= strtoul(value, NULL, 0);
    if (rv == OK && control("tries", value)) {
        ULONG most = strtoul(value, NULL, 0), wrong = wrong_so_far();
        *flags &= ~0x70000UL;
        if (wrong >= most) *flags |= 0x40000;
        else if (wrong == most - 1) *flags |= 0x20000;
        else if (wrong) *flags |= 0x10000;
    }
    return rv;
}

static ULONG login(ULONG session, ULONG user, char *pin, ULONG size) {
    ULONG rv;
    char value[256], flag[256];
    if (injected("C_Login", &rv)) return rv;
    int counting = control("tries", value);
    if (counting && wrong_so_far() >= strtoul(value, NULL, 0)) return PIN_LOCKED;
    if (!pin) { /* entered on the device */
        if (!control("pad", value)) return FUNCTION_FAILED;
        pin = value, size = strlen(value);
    }
    if (user == CONTEXT && control("always", flag)) { fresh = 1; return OK; }
    rv = ((ULONG (*)(ULONG, ULONG, char *, ULONG)) real->function[LOGIN])(session, user, pin, size);
    if (counting) count_wrong(rv == PIN_INCORRECT ? wrong_so_far() + 1 : 0);
    return rv;
}

static ULONG sign(ULONG session, char *data, ULONG size, char *signature, ULONG *length) {
    ULONG rv;
    char value[256];
    if (signature && injected("C_Sign", &rv)) return rv; /* without a buffer it only asks for the length */
    if (signature && control("always", value) && !fresh) return NOT_LOGGED_IN;
    if (signature && control("stall", value)) sleep((unsigned) atoi(value));
    rv = ((ULONG (*)(ULONG, char *, ULONG, char *, ULONG *)) real->function[SIGN])(session, data, size, signature, length);
    if (signature && rv == OK) {
        fresh = 0;
        if (control("C_Sign", value) && !strcmp(value, "wrong")) signature[*length - 1] ^= 1;
        if (control("out-after-sign", value)) ((ULONG (*)(ULONG)) real->function[LOGOUT])(session);
    }
    return rv;
}

static ULONG get_attribute_value(ULONG session, ULONG object, Attribute *wanted, ULONG count) {
    ULONG (*get)(ULONG, ULONG, Attribute *, ULONG) = (ULONG (*)(ULONG, ULONG, Attribute *, ULONG)) real->function[GET_ATTRIBUTE_VALUE];
    char value[256];
    ULONG class = 0, rv;
    Attribute kind = { CLASS, &class, sizeof class };
    get(session, object, &kind, 1);
    if (control("hide", value) && count == 1 && wanted->type == strtoul(value, NULL, 0)) {
        wanted->size = (ULONG) -1;
        return ATTRIBUTE_TYPE_INVALID;
    }
    if (control("always", value) && count == 1 && wanted->type == ALWAYS_AUTHENTICATE && class == PRIVATE_KEY) {
        if (wanted->value) *(unsigned char *) wanted->value = 1;
        wanted->size = 1;
        return OK;
    }
    rv = get(session, object, wanted, count);
    if (rv == OK && control("other-id", value) && wanted->type == ID && wanted->value && class == CERTIFICATE)
        *(char *) wanted->value ^= 1;
    return rv;
}

static ULONG initialize(void *given) {
    struct { void *function[4]; ULONG flags; const char *parameters; void *reserved; } nss = { { 0 }, 0, getenv("P11SHIM_PARAMS"), NULL };
    return ((ULONG (*)(void *)) real->function[INITIALIZE])(nss.parameters ? (void *) &nss : given);
}

ULONG C_GetFunctionList(List **list) {
    void *module = dlopen(getenv("P11SHIM_MODULE"), RTLD_NOW | RTLD_LOCAL);
    ULONG (*get)(List **) = module ? (ULONG (*)(List **)) dlsym(module, "C_GetFunctionList") : NULL;
    if (!get || get(&real) != OK) return 5;
    shim = *real;
    shim.function[GET_FUNCTION_LIST] = C_GetFunctionList;
    shim.function[GET_SLOT_LIST] = get_slot_list;
    shim.function[GET_TOKEN_INFO] = get_token_info;
    shim.function[LOGIN] = login;
    shim.function[SIGN] = sign;
    shim.function[GET_ATTRIBUTE_VALUE] = get_attribute_value;
    shim.function[INITIALIZE] = initialize;
    *list = &shim;
    return OK;
}
