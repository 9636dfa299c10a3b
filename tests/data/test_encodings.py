"""Files that are not UTF-8 get the letters of their language, whichever program wrote them."""

import pytest

from playground.data.decoding import decode

POLISH = "Produkt był świetny, żałuję że wcześniej nie kupiłem; źle zapakowane, dziękuję"
CZECH = "Zásilka přišla pozdě, ale vše v pořádku; světlo nefunguje, stěžuji si, žádost"
HUNGARIAN = "Nem tetszett, kérem vissza a pénzt, tűrhetetlen; a csomag késett, de őrült jó"
ROMANIAN = "Coletul a întârziat dar totul e în regulă; vreau banii înapoi, mulţumesc şi atât"
TURKISH = "Ürün çok güzel, teşekkürler, hızlı geldi; ışık yanmıyor, beğenmedim"
LITHUANIAN = "Nepatiko, prašau grąžinti pinigus šiandien; siunta vėlavo, ačiū už greitį"
LATVIAN = "Ļoti labs produkts, paldies par ātru piegādi; sūtījums kavējās, bet viss kārtībā, žēl"
FRENCH = "Prix 20 € trop cher, œuvre médiocre; colis reçu en retard, déçu; cœur serré"
GERMAN = "Für den Preis ganz gut – „schön“, 1½ Sterne; Größe ärgerlich, Café à la carte"
SPANISH = "¿Qué tal? Muy buen envío, señor; ¡no funciona la luz! 25º, lástima"
ICELANDIC = "Mjög góð vara, takk fyrir hraða sendingu; því miður, ég mun kvarta yfir þjónustu"
RUSSIAN = "Очень хороший фильм про любовь; скучно и слишком долго, верните деньги"
GREEK = "Πολύ καλό προϊόν, ευχαριστώ; δεν μου άρεσε, θέλω τα λεφτά μου"
CHINESE = "非常好的产品,谢谢;包裹迟到了但没问题,服务差,我要投诉"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (CZECH, "cp1250"),
        (CZECH, "iso8859-2"),
        (HUNGARIAN, "cp1250"),
        (ROMANIAN, "cp1250"),
        (TURKISH, "cp1254"),
        (LITHUANIAN, "cp1257"),
        (LATVIAN, "cp1257"),
        (LATVIAN, "iso8859-4"),
        (FRENCH, "iso8859-15"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (SPANISH, "latin-1"),
        (ICELANDIC, "cp1252"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "cp1253"),
    ],
)
def test_the_letters_say_which_encoding_it_is(text, encoding):
    read, problems = decode(f"text,label\n{text},x\n".encode(encoding))

    assert read == f"text,label\n{text},x\n"
    assert "is not UTF-8; it was read as" in problems[0].message
    assert problems[0].line == 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [RUSSIAN, GREEK, CHINESE, TURKISH])
def test_wide_encodings_are_known_without_a_mark(text, encoding):
    written = f"text,label\n{text},x\n" + "".join(f"{text},{i}\n" for i in range(9))

    assert decode(written.encode(encoding))[0] == written


def test_a_file_joined_of_two_encodings_keeps_the_letters_of_both():
    joined = "Größe ok,pos\n".encode() + "schön süß,neg\n".encode("cp1252")
    read, problems = decode(b"text,label\n" + joined)

    assert read == "text,label\nGröße ok,pos\nschön süß,neg\n"
    assert problems[0].message.startswith("1 line of the file, first line 3, not UTF-8")


def test_a_few_broken_bytes_in_much_utf8_cost_themselves():
    read, problems = decode(f"{POLISH}\n".encode() * 4 + b"bad \xff here\n")

    assert read == f"{POLISH}\n" * 4 + "bad \ufffd here\n"
    assert (problems[0].kind, problems[0].line) == ("broken characters", 5)


def test_letters_read_in_the_wrong_encoding_before_are_told():
    twice = f"{GERMAN}\n".encode().decode("cp1252", errors="replace")
    problems = decode(("fine\n" + twice * 3).encode())[1]

    assert (problems[0].kind, problems[0].line) == ("letters read wrongly", 2)
