/* A PKCS#11 module around another one, for tests: it injects what a real token does and SoftHSM never does.
 *
 * P11SHIM_MODULE is the real module, P11SHIM_FOLDER holds `control` (read at every call), `calls` (one function name a
 * line is appended) and `wrong` (count of wrong PINs). Lines of `control`:
 *   C_Login 0xA4        return this CKR instead of calling the module
 *   C_Sign crash        abort the process;  hang: sleep for ever;  fork: the same, and leave a child behind
 *   C_Sign once crash   do it, and remove the control file first
 *   flags 0x20000       or these into CK_TOKEN_INFO.flags
 *   empty               no slot has a token
 *   tries 3             lock after so many wrong PINs, with the PIN flags a card would show
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ULONG;
typedef struct { unsigned char version[2]; void *function[68]; } List;
enum { GET_FUNCTION_LIST = 3, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, LOGIN = 18, SIGN = 43 };
enum { OK = 0, PIN_INCORRECT = 0xA0, PIN_LOCKED = 0xA4 };
#define TOKEN_FLAGS_OFFSET 96

static List *real, shim;

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
    char value[256];
    if (injected("C_Login", &rv)) return rv;
    int counting = control("tries", value);
    if (counting && wrong_so_far() >= strtoul(value, NULL, 0)) return PIN_LOCKED;
    rv = ((ULONG (*)(ULONG, ULONG, char *, ULONG)) real->function[LOGIN])(session, user, pin, size);
    if (counting) count_wrong(rv == PIN_INCORRECT ? wrong_so_far() + 1 : 0);
    return rv;
}

static ULONG sign(ULONG session, char *data, ULONG size, char *signature, ULONG *length) {
    ULONG rv;
    if (signature && injected("C_Sign", &rv)) return rv; /* without a buffer it only asks for the length */
    return ((ULONG (*)(ULONG, char *, ULONG, char *, ULONG *)) real->function[SIGN])(session, data, size, signature, length);
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
    *list = &shim;
    return OK;
}
