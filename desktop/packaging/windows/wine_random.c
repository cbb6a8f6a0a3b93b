// What Go asks of Windows for random bytes, and Wine 8 does not have: a DLL for the smoke test, never for a package.
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID bytes, ULONG length); // RtlGenRandom, of advapi32

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length)
{
	return SystemFunction036(bytes, (ULONG)length);
}
