namespace Steno.Exporting;

/// <summary>ChatML as a Jinja template, without which llama.cpp's programs open no model: each message between <c>&lt;|im_start|&gt;ROLE</c> and <c>&lt;|im_end|&gt;</c>.</summary>
internal static class ChatTemplate
{
    public const string Key = "tokenizer.chat_template";

    public const string ChatMl =
        "{% for message in messages %}"
        + "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
        + "{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
}
