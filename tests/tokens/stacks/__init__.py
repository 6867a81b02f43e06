"""Four PKCS#11 stacks that have nothing in common but the interface: SoftHSM2, OpenSC, NSS and a TPM."""
